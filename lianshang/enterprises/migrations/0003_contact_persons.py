import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_absences'),
        ('enterprises', '0002_park_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='自')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='至')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='交接说明')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='替补对接人')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='contact_persons', to='enterprises.enterprise', verbose_name='企业')),
                ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='谁指定的')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='对接人')),
            ],
            options={
                'verbose_name': '专属联系人',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('until', None)), fields=['park', 'person'], name='contact_person_of'), models.Index(fields=['park', 'enterprise', 'since'], name='contact_person_history')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('park', 'enterprise'), name='contact_person_in_force'), models.CheckConstraint(condition=models.Q(('person', models.F('deputy')), _negated=True), name='contact_person_not_own_deputy', violation_error_message='对接人和替补不能是同一个人。')],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO enterprises_contactperson (park_id, enterprise_id, person_id, since, note)"
            " SELECT park_id, id, contact_person_id, CURRENT_TIMESTAMP, '' FROM enterprises_enterprise"
            " WHERE contact_person_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
