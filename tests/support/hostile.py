"""Texts that would run a script where they are not taken for texts."""

from __future__ import annotations

MARKUP = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
"""Where they are taken for markup."""

TEMPLATE = "{{value}} `${window.ran=1}"
"""Where they are taken for a template of Gradio's: Handlebars, then JavaScript's own."""
