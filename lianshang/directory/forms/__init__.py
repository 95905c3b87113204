"""What people type: at the door, about their own account, about others, about absences."""
