"""Which files of tests take long."""

LONG = (
    "encoders/test_onnx_export.py",
    "ui/page/test_browser.py",
    "cli/test_conditions.py",
    "test_quality.py",
    "ui/page/test_plots_browser.py",
    "ui/living/test_browser_new.py",
    "publish/test_engine_browser.py",
    "encoders/test_onnx_encoder.py",
    "index/generations/test_crash.py",
    "index/generations/test_extend.py",
    "index/generations/test_models.py",
    "search/test_robustness.py",
    "scripts/test_evaluate_sets.py",
    "scripts/test_bench.py",
)
"""Files that take ten seconds or more, the longest first, however few tests they have."""
