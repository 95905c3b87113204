"""What the directory shows in the navigation."""

ENTRIES = ({"label": "外出代理", "url": "directory:absences", "icon": "calendar-user", "group": "设置", "order": 79},)
