
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_suggestions'),
        ('directory', '0003_absences'),
    ]

    operations = [
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('text', models.CharField(max_length=200, verbose_name='常用语')),
                ('park', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.park', verbose_name='园区')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='directory.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '常用语',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('park', 'unit', 'position'), name='phrase_position')],
            },
        ),
    ]
