# One image for every service: the page and API, and the four workers.
FROM python:3.12-slim
WORKDIR /opt/diembao/src
COPY pyproject.toml constraints.txt install.sh README.md ./
COPY diembao diembao
COPY crawler crawler
COPY extraction extraction
COPY search_api search_api
RUN sh install.sh /opt/diembao/venv && useradd --create-home --uid 10001 diembao \
    && install -d -o diembao /data
ENV PATH=/opt/diembao/venv/bin:$PATH DIEMBAO_HOME=/data PYTHONUNBUFFERED=1
USER diembao
WORKDIR /data
VOLUME /data
EXPOSE 8000
CMD ["diembao", "up"]
