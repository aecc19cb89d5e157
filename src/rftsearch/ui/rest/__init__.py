"""`/api/...`: one plain request for each question, for programs without a Gradio client."""
