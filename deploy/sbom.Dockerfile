# The bill of materials of an image that deploy/Dockerfile made: CycloneDX 1.6, as JSON. docs/image.md has the command.
# BASE_IMAGE must be the one that IMAGE was built on: its interpreter lists the packages.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm
ARG IMAGE=localhost/firebreak

FROM ${IMAGE} AS image

FROM ${BASE_IMAGE} AS tool
WORKDIR /src
COPY deploy/sbom.lock deploy/sbom.py pyproject.toml ./
RUN python3 -m venv /tools && \
    /tools/bin/pip install -q --disable-pip-version-check --no-cache-dir --require-hashes -r sbom.lock
COPY --from=image /opt/firebreak /opt/firebreak
COPY --from=image /var/lib/dpkg/status.d /image/status.d
COPY --from=image /etc/os-release /image/os-release
RUN /tools/bin/cyclonedx-py environment --sv 1.6 --output-reproducible --pyproject pyproject.toml \
      -o /python.json /opt/firebreak/bin/python && \
    /tools/bin/python sbom.py /python.json /image /opt/firebreak/pyvenv.cfg > /sbom.json

FROM scratch
COPY --from=tool /sbom.json /
