"""The one entry: ``streamlit run streamlit_app.py`` serves pages, sign-in and file downloads."""

from assessment.web.asgi import build_app

app = build_app()
