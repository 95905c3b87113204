import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from lianshang.kernel.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_phrases'),
        ('directory', '0003_absences'),
        ('kernel', '0003_tally'),
    ]

    operations = [
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='键')),
                ('number', models.CharField(max_length=24, verbose_name='专题编号')),
                ('state', models.CharField(choices=[('new', '待立题'), ('open', '研究办理'), ('closing', '待结题'), ('closed', '已结题')], default='new', max_length=20, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='版本')),
                ('title', models.CharField(max_length=80, verbose_name='专题')),
                ('task', models.TextField(max_length=2000, verbose_name='要办成什么')),
                ('opened_at', models.DateTimeField(verbose_name='立题时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结题时间')),
                ('next_due_at', models.DateTimeField(blank=True, null=True, verbose_name='期限')),
                ('owner_unit', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.unit', verbose_name='主治单位')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('profile_version', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='kernel.profileversion', verbose_name='机制方案')),
            ],
            options={
                'verbose_name': '专题',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ThemeClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(max_length=20, verbose_name='事项')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='轮次')),
                ('rule', models.CharField(max_length=120, verbose_name='规则')),
                ('provisional', models.BooleanField(default=False, verbose_name='暂按')),
                ('started_at', models.DateTimeField(verbose_name='起算')),
                ('first_due_at', models.DateTimeField(verbose_name='原到期')),
                ('due_at', models.DateTimeField(verbose_name='到期')),
                ('paused_at', models.DateTimeField(null=True, verbose_name='停钟自')),
                ('stopped_at', models.DateTimeField(null=True, verbose_name='停止')),
                ('outcome', models.CharField(blank=True, choices=[('done', '已办'), ('dropped', '不再计')], max_length=10, verbose_name='结果')),
                ('told_rungs', models.PositiveSmallIntegerField(default=0, verbose_name='已提醒级数')),
                ('calendar_version', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='kernel.calendarversion', verbose_name='日历版本')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='clocks', to='cases.theme', verbose_name='专题')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.unit', verbose_name='责任单位')),
            ],
            options={
                'verbose_name': '专题时钟',
                'ordering': ['started_at', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ThemeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveIntegerField(verbose_name='序')),
                ('verb', models.CharField(max_length=40, verbose_name='动作')),
                ('source', models.CharField(blank=True, max_length=20, verbose_name='原状态')),
                ('target', models.CharField(max_length=20, verbose_name='新状态')),
                ('at', models.DateTimeField(verbose_name='发生时间')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='记录时间')),
                ('by', models.CharField(choices=[('staff', '工作人员'), ('holder', '企业'), ('system', '系统')], max_length=10, verbose_name='由谁')),
                ('kind', models.CharField(blank=True, max_length=20, verbose_name='限时类别')),
                ('urgency', models.CharField(blank=True, max_length=20, verbose_name='紧急程度')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('due_at', models.DateTimeField(null=True, verbose_name='约定时间')),
                ('outcome', models.CharField(blank=True, choices=[('settled', '根本解决'), ('eased', '明显缓解'), ('ruled', '已定长效办法'), ('unsettled', '暂时解决不了，已说明')], max_length=12, verbose_name='结果')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='经办人')),
                ('actor_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.unit', verbose_name='经办单位')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='events', to='cases.theme', verbose_name='专题')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.unit', verbose_name='所涉单位')),
            ],
            options={
                'verbose_name': '专题记录',
                'ordering': ['ordinal'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ThemeClockChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('pause', '停钟'), ('resume', '恢复计时'), ('extend', '延期'), ('recalendar', '日历更新')], max_length=12, verbose_name='变动')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('old_due_at', models.DateTimeField(verbose_name='原到期')),
                ('new_due_at', models.DateTimeField(verbose_name='新到期')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='changes', to='cases.themeclock', verbose_name='专题时钟')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='cases.themeevent', verbose_name='凭据')),
            ],
            options={
                'verbose_name': '专题时钟变动',
                'ordering': ['at', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='themeclock',
            name='started_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='cases.themeevent', verbose_name='起于'),
        ),
        migrations.AddField(
            model_name='themeclock',
            name='stopped_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='cases.themeevent', verbose_name='止于'),
        ),
        migrations.CreateModel(
            name='ThemeCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='themes', to='cases.case', verbose_name='诉求')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='memberships', to='cases.theme', verbose_name='专题')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='added', to='cases.themeevent', verbose_name='列入')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='removed', to='cases.themeevent', verbose_name='移出')),
            ],
            options={
                'verbose_name': '专题诉求',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='theme',
            index=models.Index(fields=['park', 'state', '-opened_at'], name='theme_state'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.UniqueConstraint(fields=('park', 'key'), name='theme_key'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.UniqueConstraint(fields=('park', 'number'), name='theme_number'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('state', 'closed'), _connector='OR'), name='theme_end_is_closed', violation_error_message='只有已结题的专题才有结题时间。'),
        ),
        migrations.AddConstraint(
            model_name='themeevent',
            constraint=models.UniqueConstraint(fields=('park', 'subject', 'ordinal'), name='theme_event_ordinal'),
        ),
        migrations.AddIndex(
            model_name='themeclock',
            index=models.Index(condition=models.Q(('stopped_at', None)), fields=['park', 'unit', 'due_at'], name='theme_clock_held'),
        ),
        migrations.AddConstraint(
            model_name='themeclock',
            constraint=models.UniqueConstraint(condition=models.Q(('stopped_at', None)), fields=('park', 'subject', 'duty'), name='theme_clock_one_running'),
        ),
        migrations.AddIndex(
            model_name='themecase',
            index=models.Index(fields=['park', 'theme', 'case'], name='theme_case_of'),
        ),
        migrations.AddConstraint(
            model_name='themecase',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_by', None)), fields=('park', 'case'), name='theme_case_one_theme'),
        ),
        AppendOnly("cases_themeevent"),
        AppendOnly("cases_themeclockchange"),
    ]
