import django.db.models.deletion
from django.db import migrations, models

from lianshang.kernel.indexes import DropParkIndexes


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_park_indexes'),
        ('enterprises', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='contact',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='enterprise',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='output',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
            ],
        ),
        DropParkIndexes(),
    ]
