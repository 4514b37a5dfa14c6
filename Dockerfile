FROM python:3.11-slim

WORKDIR /omniats
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY app app
COPY providers providers
COPY sandboxes sandboxes
COPY migrations migrations
RUN printf '#!/bin/sh\nexec python -m app.cli "$@"\n' > /usr/local/bin/omniats \
    && chmod +x /usr/local/bin/omniats \
    && useradd --create-home --uid 10001 omniats \
    && install -d -o omniats -m 700 /data

ENV PYTHONPATH=/omniats PYTHONUNBUFFERED=1 OMNIATS_DATA_DIR=/data
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["omniats"]
CMD ["serve", "--host", "0.0.0.0"]
