# The page on port 7860, as a user without rights:
#
#   docker build -t rftsearch .
#   docker run -p 7860:7860 -v rftsearch:/srv/rftsearch/index rftsearch
#
# The first start builds the index from the list that comes with rftsearch, asking arXiv
# for abstracts. An index that was built elsewhere may be mounted read-only instead
# (-v "$PWD/index:/srv/rftsearch/index:ro"). With -e RFTSEARCH_AUTH=name:password the page
# asks for that password.
FROM python:3.11-slim

# pip finds torch where it is set up to: with a CPU build of the pinned version among its
# indexes (--build-arg PIP_EXTRA_INDEX_URL=...) the image is several gigabytes smaller.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /opt/rftsearch
# The pins first: they change less often than the code, and take most of the time.
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
HEALTHCHECK --start-period=10m CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/gradio_api/startup-events', timeout=5)"]
CMD ["python", "/opt/rftsearch/app.py"]
