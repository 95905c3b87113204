

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from lianshang.kernel.append_only import AppendOnly


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0006_retention'),
        ('enterprises', '0004_one_contact_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('joined_on', models.DateField(verbose_name='入党日期')),
                ('full_on', models.DateField(blank=True, null=True, verbose_name='转正日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='不再是党员之日')),
                ('ended_note', models.CharField(blank=True, max_length=100, verbose_name='原因')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='人员')),
            ],
            options={
                'verbose_name': '党员',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='标识')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('committee', '综合党委'), ('general', '党总支'), ('branch', '党支部'), ('joint', '联合党支部'), ('temporary', '临时党支部'), ('mobile', '流动党员党支部')], max_length=12, verbose_name='类型')),
                ('approved_on', models.DateField(verbose_name='批复日期')),
                ('document', models.CharField(blank=True, max_length=40, verbose_name='批复文号')),
                ('group_count', models.PositiveSmallIntegerField(default=0, verbose_name='党小组数')),
                ('admits', models.BooleanField(default=False, verbose_name='可以审批预备党员')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('ended_note', models.CharField(blank=True, max_length=200, verbose_name='撤销原因')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='below', to='organizations.organization', verbose_name='上级党组织')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
            ],
            options={
                'verbose_name': '党组织',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Officer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('position', models.CharField(choices=[('secretary', '书记'), ('deputy', '副书记'), ('organiser', '组织委员'), ('publicity', '宣传委员'), ('discipline', '纪检委员'), ('member', '委员')], max_length=12, verbose_name='职务')),
                ('brought_by', models.CharField(blank=True, max_length=60, verbose_name='因何职务进入')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='人员')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='officers', to='organizations.organization', verbose_name='党组织')),
            ],
            options={
                'verbose_name': '党内职务',
                'ordering': ['since', 'pk'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Incubation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='标识')),
                ('began_on', models.DateField(verbose_name='开始日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                ('result', models.CharField(blank=True, choices=[('built', '已组建'), ('dropped', '不再推进')], max_length=10, verbose_name='结果')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='enterprises.enterprise', verbose_name='企业')),
                ('instructor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='党建指导员')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='责任人')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('joins', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='organizations.organization', verbose_name='加入哪个联合党支部')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='organizations.organization', verbose_name='组建成的党组织')),
            ],
            options={
                'verbose_name': '组建培育',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='enterprises.enterprise', verbose_name='企业')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='coverages', to='organizations.organization', verbose_name='党组织')),
            ],
            options={
                'verbose_name': '覆盖企业',
                'ordering': ['since', 'pk'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Affiliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('elsewhere', models.CharField(blank=True, max_length=80, verbose_name='园区以外的党组织')),
                ('has_card', models.BooleanField(default=False, verbose_name='持流动党员活动证')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='affiliations', to='organizations.member', verbose_name='党员')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='affiliations', to='organizations.organization', verbose_name='党组织')),
            ],
            options={
                'verbose_name': '组织关系',
                'ordering': ['since', 'pk'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='OrganizationRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=20, verbose_name='事项')),
                ('happened_on', models.DateField(verbose_name='发生日期')),
                ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='登记人')),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='enterprises.enterprise', verbose_name='企业')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='records', to='organizations.organization', verbose_name='党组织')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
            ],
            options={
                'verbose_name': '党组织记录',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Outside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('reason', models.CharField(choices=[('stopped', '停产停业'), ('shell', '没有实体经营'), ('moved', '已迁出园区'), ('ended', '已注销')], max_length=10, verbose_name='原因')),
                ('note', models.CharField(max_length=200, verbose_name='依据')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='enterprises.enterprise', verbose_name='企业')),
                ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='谁认定的')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
            ],
            options={
                'verbose_name': '不计入覆盖',
                'ordering': ['since', 'pk'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='enterprises.enterprise', verbose_name='企业')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='placements', to='organizations.member', verbose_name='党员')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
            ],
            options={
                'verbose_name': '在岗企业',
                'ordering': ['since', 'pk'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('years', models.PositiveSmallIntegerField(verbose_name='任期（年）')),
                ('has_committee', models.BooleanField(default=False, verbose_name='设委员会')),
                ('first_due_on', models.DateField(verbose_name='任期届满日')),
                ('due_on', models.DateField(verbose_name='应换届日')),
                ('approval', models.CharField(blank=True, max_length=80, verbose_name='提前或延期换届的批准')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='terms', to='organizations.organization', verbose_name='党组织')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
            ],
            options={
                'verbose_name': '任期',
                'ordering': ['since', 'pk'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='VenueItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(choices=[('place', '有场所'), ('equipment', '有设施'), ('sign', '有标志'), ('flag', '有党旗'), ('books', '有书报'), ('rules', '有制度')], max_length=12, verbose_name='项目')),
                ('is_there', models.BooleanField(verbose_name='具备')),
                ('evidence', models.CharField(blank=True, max_length=200, verbose_name='凭据')),
                ('seen_on', models.DateField(verbose_name='查看日期')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='venue', to='organizations.organization', verbose_name='党组织')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='谁看的')),
            ],
            options={
                'verbose_name': '活动阵地',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='IncubationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('step', models.CharField(choices=[('find', '摸清党员'), ('talk', '商定方案'), ('apply', '提出申请'), ('reply', '党委批复'), ('elect', '选举产生书记'), ('report', '报备挂牌')], max_length=12, verbose_name='步骤')),
                ('due_on', models.DateField(verbose_name='到期日')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='办成日期')),
                ('document', models.CharField(blank=True, max_length=120, verbose_name='材料')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='谁办的')),
                ('incubation', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='steps', to='organizations.incubation', verbose_name='组建培育')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
            ],
            options={
                'verbose_name': '培育步骤',
                'ordering': ['position'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('park', 'incubation', 'step'), name='incubation_step')],
            },
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(fields=('park', 'person'), name='member_person', violation_error_message='这位已登记为党员。'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(('full_on', None), ('full_on__gte', models.F('joined_on')), _connector='OR'), name='member_full_after_joined', violation_error_message='转正日期不能早于入党日期。'),
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.UniqueConstraint(fields=('park', 'key'), name='organization_key'),
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('park', 'name'), name='organization_name', violation_error_message='已有同名的党组织。请换一个名称。'),
        ),
        migrations.AddIndex(
            model_name='officer',
            index=models.Index(condition=models.Q(('until', None)), fields=['park', 'person'], name='officer_person'),
        ),
        migrations.AddConstraint(
            model_name='officer',
            constraint=models.UniqueConstraint(condition=models.Q(('position', 'secretary'), ('until', None)), fields=('park', 'organization'), name='officer_one_secretary', violation_error_message='一个党组织只有一位书记。请先免去原来的。'),
        ),
        migrations.AddConstraint(
            model_name='officer',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('park', 'organization', 'person'), name='officer_in_force'),
        ),
        migrations.AddConstraint(
            model_name='incubation',
            constraint=models.UniqueConstraint(fields=('park', 'key'), name='incubation_key'),
        ),
        migrations.AddConstraint(
            model_name='incubation',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('park', 'enterprise'), name='incubation_in_force', violation_error_message='这家企业已在培育中。'),
        ),
        migrations.AddIndex(
            model_name='coverage',
            index=models.Index(fields=['park', 'enterprise'], name='coverage_enterprise'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('park', 'organization', 'enterprise'), name='coverage_in_force', violation_error_message='这家企业已在覆盖范围里。'),
        ),
        migrations.AddIndex(
            model_name='affiliation',
            index=models.Index(fields=['park', 'organization'], name='affiliation_organization'),
        ),
        migrations.AddConstraint(
            model_name='affiliation',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('park', 'member'), name='affiliation_in_force'),
        ),
        migrations.AddConstraint(
            model_name='affiliation',
            constraint=models.CheckConstraint(condition=models.Q(('organization', None), ('elsewhere', ''), _connector='XOR'), name='affiliation_here_or_elsewhere', violation_error_message='组织关系要么在园区的一个党组织，要么在园区以外，只填一处。'),
        ),
        migrations.AddIndex(
            model_name='organizationrecord',
            index=models.Index(fields=['park', 'organization', 'recorded_at'], name='org_record_of'),
        ),
        migrations.AddConstraint(
            model_name='outside',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('park', 'enterprise'), name='outside_in_force', violation_error_message='这家企业已经不计入覆盖。'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['park', 'enterprise'], name='placement_enterprise'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('park', 'member'), name='placement_in_force'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('park', 'organization'), name='term_in_force'),
        ),
        migrations.AddIndex(
            model_name='venueitem',
            index=models.Index(fields=['park', 'organization', 'item'], name='venue_item'),
        ),
        AppendOnly("organizations_organizationrecord"),
    ]
