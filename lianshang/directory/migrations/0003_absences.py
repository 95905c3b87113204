
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_park_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(verbose_name='至')),
                ('entered_at', models.DateTimeField(verbose_name='登记时间')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='代理人')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.person', verbose_name='登记人')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='absences', to='directory.person', verbose_name='外出的人')),
            ],
            options={
                'verbose_name': '外出代理',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['park', 'person', 'until'], name='absence_person_until')],
            },
        ),
    ]
