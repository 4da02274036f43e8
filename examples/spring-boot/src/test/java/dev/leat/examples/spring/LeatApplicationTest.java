package dev.leat.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.Pipeline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it starts, answers and ends. */
class LeatApplicationTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext start(String... properties) {
        String[] all = java.util.Arrays.copyOf(properties, properties.length + 2);
        all[properties.length] = "--server.port=0";
        all[properties.length + 1] = "--leat.deadline=100s";
        return new SpringApplicationBuilder(LeatApplication.class).run(all);
    }

    private static HttpResponse<String> send(ConfigurableApplicationContext context, String path, String json)
            throws IOException, InterruptedException {
        int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void application_withAndWithoutVirtualThreads_answersAndShowsHealthAndMeters(boolean virtual) throws Exception {
        try (ConfigurableApplicationContext context = start("--spring.threads.virtual.enabled=" + virtual)) {
            HttpResponse<String> answer = send(context, "/analyze", "{\"text\": \"A bright and lovely flat.\"}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"label\":\"POSITIVE\"", "\"flagged\":false");

            HttpResponse<String> refused = send(context, "/analyze", "{\"text\": \"  \"}");
            assertThat(refused.statusCode()).isEqualTo(422);

            assertThat(send(context, "/actuator/health", "").body()).contains("\"leat\":{\"status\":\"UP\"");
            assertThat(send(context, "/actuator/metrics/leat.models.open", "").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void application_closed_closesThePipelineBeforeTheModels() {
        ConfigurableApplicationContext context = start("--leat.cache=0s");
        @SuppressWarnings("unchecked") // the only bean of its kind
        Pipeline<String> texts = context.getBean(Pipeline.class);

        context.close();

        assertThatThrownBy(() -> texts.run("late")).isInstanceOf(IllegalStateException.class);
    }
}
