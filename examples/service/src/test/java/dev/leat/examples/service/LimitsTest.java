package dev.leat.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the service does when there is too much, too little time, or an end. */
class LimitsTest {

    private static final String SLOW =
            "{\"text\": \"A flat.\", \"includeEmbedding\": true, \"includeSentiment\": true}";

    @Test
    void request_beyondTheLimit_isRefusedAndMayComeAgain() {
        Services.Held held = new Services.Held();
        try (LeatService service = Services.started(Services.settings("LEAT_MAX_REQUESTS", "1"), held.changes())) {
            Client client = new Client(service);
            CompletableFuture<HttpResponse<String>> first = client.postAside("/analyze/text", SLOW);
            held.awaitBegin();

            HttpResponse<String> second = client.post("/analyze/text", SLOW);

            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.headers().firstValue("Retry-After")).contains("1");
            assertThat(Client.reason(second)).isEqualTo("overloaded");
            assertThat(client.get("/health/live").statusCode()).isEqualTo(200);
            held.release().countDown();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(client.post("/analyze/text", SLOW).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void run_beyondThePipelinesLimit_waitsThenIsRefused() {
        Services.Held held = new Services.Held();
        try (LeatService service = Services.started(Services.settings("LEAT_MAX_RUNS", "1"), held.changes())) {
            Client client = new Client(service);
            CompletableFuture<HttpResponse<String>> first = client.postAside("/analyze/text", SLOW);
            held.awaitBegin();

            assertThat(client.post("/analyze/text", SLOW)).returns(429, HttpResponse::statusCode);

            held.release().countDown();
            assertThat(first.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void deadline_passed_isToldWithTheAnswersThatAreThere() {
        Services.Held held = new Services.Held();
        try (LeatService service = Services.started(Services.settings("LEAT_DEADLINE_MS", "3000"), held.changes())) {
            HttpResponse<String> response = new Client(service).post("/analyze/text", SLOW);

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(Client.reason(response)).isEqualTo("deadline");
            assertThat(Client.result(response).keySet()).containsExactly("sentiment");
            held.release().countDown();
        }
    }

    @Test
    void events_ofQuickStages_doNotWaitForASlowOne() throws IOException {
        Services.Held held = new Services.Held();
        try (LeatService service = Services.started(Services.settings(), held.changes())) {
            Client client = new Client(service);

            try (BufferedReader lines = client.stream("/events/text", SLOW)) {
                assertThat(lines.readLine()).isEqualTo("event: stage");
                assertThat(lines.readLine()).contains("\"name\":\"sentiment\"");
                held.release().countDown();
                assertThat(lines.lines()).anyMatch(line -> line.contains("\"name\":\"embedding\""));
            }
        }
    }

    @Test
    void request_refusedBeforeItsBodyCame_isAnsweredWhileItIsSentAndItsConnectionEnds() throws IOException {
        byte[] part = new byte[100_000];
        int parts = 40;
        try (LeatService service = Services.started(Services.settings(), Engine.Changes.NONE);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /analyze/text HTTP/1.1\r\nHost: leat\r\nContent-Type: application/json\r\nContent-Length: "
                            + parts * part.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

            assertThat(in.readLine()).startsWith("HTTP/1.1 413 ");
            for (int i = 0; i < parts; i++) {
                out.write(part); // fails if the connection was reset
            }

            assertThat(in.lines())
                    .contains("Connection: close")
                    .last()
                    .asString()
                    .contains("\"too-large\"");
        }
    }

    @Test
    void end_ofTheService_answersWhatItHasAndRefusesWhatComes() {
        Services.Held held = new Services.Held();
        LeatService service = Services.started(Services.settings("LEAT_DRAIN_MS", "60000"), held.changes());
        Client client = new Client(service);
        CompletableFuture<HttpResponse<String>> first = client.postAside("/analyze/text", SLOW);
        held.awaitBegin();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(service::close);
        while (client.get("/health/ready").statusCode() == 200) {
            Thread.onSpinWait();
        }
        HttpResponse<String> late = client.post("/analyze/text", SLOW);

        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.headers().firstValue("Retry-After")).contains("1");
        assertThat(closing).isNotDone();
        held.release().countDown();
        assertThat(first.join().statusCode()).isEqualTo(200);
        closing.join();
    }

    @Test
    void settings_wrong_areRefusedByName() {
        assertThatThrownBy(() -> Settings.from(Map.of("LEAT_PORT", "http")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LEAT_PORT");
        assertThatThrownBy(() -> Settings.from(Map.of("LEAT_MAX_RUNS", "0")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
