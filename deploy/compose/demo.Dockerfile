# The two parts of the demo that a real installation does not have: a stand-in for the provider, and a client.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm
FROM ${BASE_IMAGE}
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 \
    VIRTUAL_ENV=/opt/demo
WORKDIR /src
COPY bootstrap.lock requirements.lock ./
# As in deploy/Dockerfile: only the versions of the lock file, with its hashes.
RUN python3 -m venv /tools && /tools/bin/pip install -q --require-hashes -r bootstrap.lock && \
    python3 -m venv --without-pip /opt/demo && \
    awk '/^(anthropic|openai|pyyaml)==/{p=1} p{print} p&&!/\\$/{p=0}' requirements.lock > demo.in && \
    /tools/bin/uv pip install -q --require-hashes -c requirements.lock -r demo.in && rm -rf /tools
COPY service service
COPY deploy/compose/demo.py demo.py
ENV PATH=/opt/demo/bin:/usr/bin:/bin PYTHONPATH=/src/service PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 1337:1337
ENTRYPOINT ["python", "/src/demo.py"]
