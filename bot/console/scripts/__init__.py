"""Scripts: where coordinators write what is asked, translators its other languages, and two publish what is guarded."""
