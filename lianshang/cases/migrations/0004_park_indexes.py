import django.db.models.deletion
from django.db import migrations, models

from lianshang.kernel.indexes import DropParkIndexes


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_import_jobs'),
        ('directory', '0002_park_indexes'),
        ('enterprises', '0002_park_indexes'),
        ('kernel', '0002_park_indexes'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='assignment',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='case',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='caseclock',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='caseclockchange',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='caseevent',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='casefile',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='firsthandler',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='importbatch',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='importjob',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='respondent',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
            ],
        ),
        DropParkIndexes(),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['park', '-registered_at', '-id'], name='case_newest_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['park', 'code_digest'], name='case_by_code'),
        ),
        migrations.AddIndex(
            model_name='caseclock',
            index=models.Index(condition=models.Q(('stopped_at', None)), fields=['park', 'due_at'], name='case_clock_running'),
        ),
    ]
