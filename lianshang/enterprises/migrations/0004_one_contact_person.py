from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0003_contact_persons'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='enterprise',
            name='contact_person',
        ),
    ]
