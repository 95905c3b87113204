"""The one field for files: any number of them at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Cleans to a list. Emptiness, size and type are judged where the files are kept or read, in its own words."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = [one for one in data or [] if one]
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return given
