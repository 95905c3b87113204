from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_park_indexes'),
        ('directory', '0002_park_indexes'),
        ('enterprises', '0002_park_indexes'),
        ('kernel', '0002_park_indexes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('sealed', True)), fields=['park', 'state'], name='case_sealed'),
        ),
    ]
