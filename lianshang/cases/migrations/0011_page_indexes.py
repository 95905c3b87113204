from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_case_decider'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_newest',
        ),
        migrations.RemoveIndex(
            model_name='caseclock',
            name='case_clock_running',
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['park', 'unit', 'case'], name='assignment_reach'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['park', '-registered_at', '-id', 'sealed', 'state', 'category', 'close_type'], name='case_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['park', 'state', 'lead_unit', 'sealed'], name='case_open_at'),
        ),
        migrations.AddIndex(
            model_name='caseclock',
            index=models.Index(condition=models.Q(('stopped_at', None)), fields=['park', 'due_at', 'unit', 'duty', 'paused_at'], name='case_clock_running'),
        ),
        migrations.AddIndex(
            model_name='caseclock',
            index=models.Index(fields=['park', 'subject', 'duty', 'due_at', 'stopped_at', 'paused_at'], name='case_clock_kept'),
        ),
    ]
