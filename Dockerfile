# One file for every component; COMPONENT is the folder of its entry. First: npm run build
#   docker build --build-arg COMPONENT=functions/route-compile -t penstock/route-compile:dev .
FROM gcr.io/distroless/nodejs24-debian12:nonroot
ARG COMPONENT
COPY ${COMPONENT}/dist/package.json ${COMPONENT}/dist/main.js ${COMPONENT}/dist/main.js.map /app/
USER 65532:65532
EXPOSE 8080
CMD ["--enable-source-maps", "/app/main.js"]
