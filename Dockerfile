# Serve the page on port 7860, as a user without root rights:
#
#   docker build -t rftsearch .
#   docker run -p 7860:7860 -v rftsearch:/srv/rftsearch/index rftsearch
#
# The first start builds the index from the shipped list, or from the sources in
# -e RFTSEARCH_SOURCES=..., and asks arXiv for abstracts.
# To use an index that was built elsewhere, mount it read-only instead:
# -v "$PWD/index:/srv/rftsearch/index:ro". To ask for a login: -e RFTSEARCH_AUTH=name:password.
FROM python:3.11-slim

# The image is several gigabytes smaller with a CPU build of torch. Tell pip where to find one:
# --build-arg PIP_EXTRA_INDEX_URL=...
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /opt/rftsearch
# Install torch before the code is copied: it changes less often and takes most of the time.
COPY constraints.txt ./
RUN pip install -c constraints.txt torch
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip install -c constraints.txt .
COPY app.py ./

RUN useradd --create-home --uid 1000 reader \
    && install -d -o reader -g reader /srv/rftsearch/index
USER reader
WORKDIR /srv/rftsearch

ENV RFTSEARCH_INDEX=/srv/rftsearch/index GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860
EXPOSE 7860
VOLUME /srv/rftsearch/index
# Any answer but a failure counts: with accounts, the server asks for a login.
HEALTHCHECK --start-period=10m CMD ["python", "-c", "import http.client as h, sys; c = h.HTTPConnection('127.0.0.1', 7860, timeout=5); c.request('GET', '/robots.txt'); sys.exit(c.getresponse().status >= 500)"]
CMD ["python", "/opt/rftsearch/app.py"]
