"""The one entry: ``streamlit run streamlit_app.py`` serves the pages behind sign-in.

Streamlit recognises the application by reading this file, so ``app = st.App(...)`` must stand here as it is.
"""

import streamlit as st

from assessment.web import asgi, errors

app = st.App(
    asgi.SCRIPT,
    lifespan=asgi.lifespan,
    routes=asgi.ROUTES,
    middleware=asgi.MIDDLEWARE,
    on_script_error=errors.show_script_error,
)
