import django.db.models.deletion
from django.db import migrations, models

from lianshang.kernel.indexes import DropParkIndexes


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='person',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='post',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='unit',
                    name='park',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区'),
                ),
            ],
        ),
        DropParkIndexes(),
    ]
