package dev.leat.examples.service;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Talks to a service as a client would. */
record Client(LeatService service, HttpClient http) {

    private static final String BOUNDARY = "a-boundary-that-no-picture-has";

    Client(LeatService service) {
        this(service, HttpClient.newHttpClient());
    }

    static byte[] sample(String name) {
        try {
            return Files.readAllBytes(Path.of(System.getProperty("leat.basedir"))
                    .resolve("../quickstart/src/main/resources/samples/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path));
    }

    HttpResponse<String> get(String path) {
        return send(to(path).build());
    }

    HttpResponse<String> post(String path, String json) {
        return send(json(path, json));
    }

    CompletableFuture<HttpResponse<String>> postAside(String path, String json) {
        return http.sendAsync(json(path, json), BodyHandlers.ofString());
    }

    /** Returns an answer's lines as they come. */
    BufferedReader stream(String path, String json) throws IOException {
        try {
            return new BufferedReader(new InputStreamReader(
                    http.send(json(path, json), BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private HttpRequest json(String path, String json) {
        return to(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    HttpResponse<String> post(String path, String type, byte[] body) {
        return send(to(path).header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    /** Sends a form with a picture and flags that are true. */
    HttpResponse<String> form(String path, String part, byte[] picture, String... flags) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String flag : flags) {
            body.writeBytes(
                    ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + flag + "\"\r\n\r\ntrue\r\n")
                            .getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + part
                        + "\"; filename=\"x\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(picture);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return post(path, "multipart/form-data; boundary=" + BOUNDARY, body.toByteArray());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static JsonObject envelope(HttpResponse<String> response) {
        JsonObject json = JsonParser.parseString(response.body()).getAsJsonObject();
        if (!json.keySet().equals(Set.of("result", "success", "errors", "messages"))) {
            throw new AssertionError("not the envelope: " + json.keySet());
        }
        return json;
    }

    static JsonObject result(HttpResponse<String> response) {
        return envelope(response).getAsJsonObject("result");
    }

    static JsonArray results(HttpResponse<String> response) {
        return envelope(response).getAsJsonArray("result");
    }

    static String reason(HttpResponse<String> response) {
        return envelope(response)
                .getAsJsonArray("errors")
                .get(0)
                .getAsJsonObject()
                .get("reason")
                .getAsString();
    }
}
