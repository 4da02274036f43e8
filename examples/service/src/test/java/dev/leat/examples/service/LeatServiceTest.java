package dev.leat.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as a client sees it. */
class LeatServiceTest {

    private static final String MARK = "xq7marker";

    @SuppressWarnings("NullAway.Init") // set before any test
    private static Client client;

    @BeforeAll
    static void start() {
        client = new Client(Services.started(
                Services.settings("LEAT_MAX_TEXT_CHARS", "3000", "LEAT_MAX_PICTURE_BYTES", "200000"),
                Engine.Changes.NONE));
    }

    @AfterAll
    static void stop() {
        client.service().close();
    }

    @Test
    void text_withFlags_isAnsweredWithThoseAlone() {
        HttpResponse<String> response = client.post(
                "/analyze/text",
                "{\"text\": \"A bright and lovely flat.\", \"includeSentiment\": true, \"includeEmbedding\": true,"
                        + " \"includeSummary\": false}");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject result = Client.result(response);
        assertThat(result.keySet()).containsExactlyInAnyOrder("sentiment", "embedding");
        assertThat(result.getAsJsonObject("sentiment").get("label").getAsString())
                .isEqualTo("POSITIVE");
        assertThat(result.getAsJsonArray("embedding")).hasSize(384);
        assertThat(Client.envelope(response).get("success").getAsBoolean()).isTrue();
    }

    @Test
    void text_withoutFlags_isAnsweredWithAllButTheDearest_andSaysWhatWasSkippedAndCleaned() {
        HttpResponse<String> response = client.post("/analyze/text", "{\"text\": \"Short <script>x</script> text. \"}");

        assertThat(Client.result(response).keySet())
                .containsExactlyInAnyOrder("sentiment", "moderation", "entities", "topics", "summary", "language");
        assertThat(Client.result(response).get("summary").isJsonNull()).isTrue();
        assertThat(Client.envelope(response).get("messages").toString()).contains("long-text", "script-block");
    }

    @Test
    void entitiesAndFindings_afterACleanedPlace_standWhereTheyAreInTheTextAsGiven() {
        String text =
                "\uD83D\uDE00 <script>x</script>Maria Lopez flew to Berlin, you shithead. Write to maria@example.org.";
        HttpResponse<String> response = client.post(
                "/analyze/text",
                "{\"text\": \"" + text + "\", \"includeEntities\": true, \"includeModeration\": true}");

        JsonObject result = Client.result(response);
        assertThat(places(result.getAsJsonArray("entities"), "type", text))
                .contains("PERSON Maria Lopez", "LOCATION Berlin", "EMAIL maria@example.org");
        assertThat(places(result.getAsJsonObject("moderation").getAsJsonArray("findings"), "category", text))
                .contains("profanity shithead", "contact maria@example.org");
        assertThat(Client.envelope(response).get("messages").toString()).contains("script-block");
    }

    private static List<String> places(JsonArray found, String kind, String text) {
        return found.asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(one -> one.get(kind).getAsString() + " "
                        + text.substring(
                                one.get("start").getAsInt(), one.get("end").getAsInt()))
                .toList();
    }

    @Test
    void language_andKeywords_areAnsweredWhenAsked() {
        JsonObject result = Client.result(client.post(
                "/analyze/text",
                "{\"text\": \"Der Zug nach Hamburg hat heute wieder eine halbe Stunde Verspätung.\","
                        + " \"includeLanguage\": true, \"includeKeywords\": true}"));

        assertThat(result.getAsJsonObject("language").get("language").getAsString())
                .isEqualTo("de");
        assertThat(result.getAsJsonArray("keywords")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                              | 400 | bad-request
                    {"text": ""}                                    | 400 | bad-request
                    {"text": 7}                                     | 400 | bad-request
                    {"text": ["xq7marker"]}                         | 400 | bad-request
                    {"text": "xq7marker"                            | 400 | bad-request
                    {"text": "xq7marker"} {}                        | 400 | bad-request
                    xq7marker                                       | 400 | bad-request
                    {"text": "a", "xq7marker": true}                | 400 | bad-request
                    {"text": "xq7marker", "includeSummary": "yes"}  | 400 | bad-request
                    {"text": "xq7marker", "includeSummary": false}  | 400 | bad-request
                    {"text": "   "}                                 | 422 | blank
                    """)
    void text_wrong_isRefusedWithoutEcho(String body, int status, String reason) {
        for (String path : new String[] {"/analyze/text", "/events/text"}) {
            HttpResponse<String> response = client.post(path, body);

            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(Client.reason(response)).isEqualTo(reason);
            assertThat(response.body()).doesNotContain(MARK, "Exception", "dev.leat");
        }
    }

    @Test
    void text_notUtf8_isRefused() {
        byte[] body = "{\"text\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(client.post("/analyze/text", "application/json", body).statusCode())
                .isEqualTo(400);
    }

    @Test
    void text_longerThanAllowed_isRefusedByTheGuardOrByItsBytes() {
        assertThat(client.post("/analyze/text", "{\"text\": \"" + "a ".repeat(1501) + "\"}"))
                .returns(422, HttpResponse::statusCode)
                .returns("too-long", Client::reason);
        assertThat(client.post("/analyze/text", "{\"text\": \"" + "a".repeat(40_000) + "\"}"))
                .returns(413, HttpResponse::statusCode)
                .returns("too-large", Client::reason);
        assertThat(client.send(client.to("/analyze/text")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.fromPublisher(
                                BodyPublishers.ofString("{\"text\": \"" + "a".repeat(40_000) + "\"}"))) // no length
                        .build()))
                .returns(413, HttpResponse::statusCode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/analyze/text", "/analyze/image", "/events/text", "/events/image", "/ai/run/@cf/x/y"})
    void path_ofAPost_knowsNoOtherMethod(String path) {
        for (String method : new String[] {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            HttpResponse<String> response = client.send(
                    client.to(path).method(method, BodyPublishers.noBody()).build());

            assertThat(response.statusCode()).as(method).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("POST");
            assertThat(Client.reason(response)).isEqualTo("method");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/analyze/text, text/plain",
        "/analyze/text, application/jsonp",
        "/analyze/image, application/json",
        "/ai/run/@cf/microsoft/resnet-50, text/html",
        "/ai/run/@cf/baai/bge-small-en-v1.5, text/plain"
    })
    void body_ofAnotherType_isRefused(String path, String type) {
        HttpResponse<String> response = client.post(path, type, "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(Client.reason(response)).isEqualTo("media-type");
    }

    @Test
    void picture_ofAReceipt_isReadAndJudged() {
        HttpResponse<String> response = client.form("/analyze/image", "image", Client.sample("receipt.png"));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject result = Client.result(response);
        assertThat(result.getAsJsonObject("text").get("text").getAsString()).contains("CORNER STREET MARKET");
        assertThat(result.getAsJsonObject("text")
                        .getAsJsonArray("lines")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonArray("box"))
                .hasSize(4);
        assertThat(result.getAsJsonObject("moderation").get("isAppropriate").getAsBoolean())
                .isTrue();
        assertThat(result.getAsJsonArray("classification")).isNotEmpty();
    }

    @Test
    void picture_wrong_isRefused() {
        byte[] none = MARK.getBytes(StandardCharsets.UTF_8);

        assertThat(client.form("/analyze/image", "image", none))
                .returns(422, HttpResponse::statusCode)
                .returns("unknown-format", Client::reason)
                .satisfies(response -> assertThat(response.body()).doesNotContain(MARK));
        assertThat(client.form("/analyze/image", "picture", none)).returns(400, HttpResponse::statusCode);
        assertThat(client.form("/analyze/image", "image", new byte[0])).returns(400, HttpResponse::statusCode);
        assertThat(client.form("/analyze/image", "image", new byte[300_000])).returns(413, HttpResponse::statusCode);
        assertThat(client.form("/analyze/image", "image", none, "includeMark")).returns(400, HttpResponse::statusCode);
        assertThat(client.post("/analyze/image", "multipart/form-data", none)).returns(400, HttpResponse::statusCode);
    }

    @Test
    void events_ofAText_tellEachStageThenTheTrace() {
        HttpResponse<String> response = client.post(
                "/events/text",
                "{\"text\": \"A bright flat.\", \"includeSentiment\": true, \"includeEmbedding\": true}");

        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream; charset=utf-8");
        assertThat(response.body().split("\n\n"))
                .hasSize(3)
                .satisfies(events -> assertThat(events[0] + events[1])
                        .contains("\"name\":\"sentiment\"", "\"name\":\"embedding\"", "\"outcome\":\"success\""))
                .satisfies(events ->
                        assertThat(events[2]).startsWith("event: trace\n").contains("\"name\":\"encode\""));
    }

    @Test
    void platform_sentiment_hasTheTwoLabels() {
        HttpResponse<String> response = client.post(
                "/client/v4/accounts/1234/ai/run/@cf/huggingface/distilbert-sst-2-int8", "{\"text\": \"Great pizza\"}");

        JsonArray labels = Client.results(response);
        assertThat(labels).hasSize(2);
        JsonObject negative = labels.get(0).getAsJsonObject();
        JsonObject positive = labels.get(1).getAsJsonObject();
        assertThat(negative.get("label").getAsString()).isEqualTo("NEGATIVE");
        assertThat(positive.get("label").getAsString()).isEqualTo("POSITIVE");
        assertThat(positive.get("score").getAsDouble()).isGreaterThan(0.5);
        assertThat(positive.get("score").getAsDouble() + negative.get("score").getAsDouble())
                .isEqualTo(1);
    }

    @Test
    void platform_embeddings_haveShapeDataAndPooling() {
        HttpResponse<String> response = client.post(
                "/ai/run/@cf/baai/bge-small-en-v1.5",
                "{\"text\": [\"One.\", \"Two, longer.\", \"One.\"], \"pooling\": \"cls\"}");

        JsonObject result = Client.result(response);
        assertThat(result.get("shape")).hasToString("[3,384]");
        assertThat(result.getAsJsonArray("data")).hasSize(3);
        assertThat(result.getAsJsonArray("data").get(0))
                .isEqualTo(result.getAsJsonArray("data").get(2))
                .isNotEqualTo(result.getAsJsonArray("data").get(1));
        assertThat(result.get("pooling").getAsString()).isEqualTo("cls");
        assertThat(client.post("/ai/run/@cf/baai/bge-small-en-v1.5", "{\"text\": \"a\", \"pooling\": \"mean\"}"))
                .returns(400, HttpResponse::statusCode);
        assertThat(client.post("/ai/run/@cf/baai/bge-small-en-v1.5", "{\"text\": []}"))
                .returns(400, HttpResponse::statusCode);
        assertThat(client.post("/ai/run/@cf/baai/bge-small-en-v1.5", "{\"text\": [\"a\", \" \"]}"))
                .returns(422, HttpResponse::statusCode);
    }

    @Test
    void platform_classification_takesBytesAndNumbers() {
        byte[] picture = Client.sample("scene.jpg");
        StringBuilder numbers = new StringBuilder("{\"image\": [");
        for (byte value : picture) {
            numbers.append(numbers.charAt(numbers.length() - 1) == '[' ? "" : ",")
                    .append(value & 0xff);
        }

        JsonArray ofBytes =
                Client.results(client.post("/ai/run/@cf/microsoft/resnet-50", "application/octet-stream", picture));
        JsonArray ofNumbers = Client.results(client.post("/ai/run/@cf/microsoft/resnet-50", numbers + "]}"));

        assertThat(ofBytes).hasSize(5).isEqualTo(ofNumbers);
        assertThat(ofBytes.get(0).getAsJsonObject().keySet()).containsExactly("label", "score");
        assertThat(client.post("/ai/run/@cf/microsoft/resnet-50", "{\"image\": [1, 256]}"))
                .returns(400, HttpResponse::statusCode);
        assertThat(client.post("/ai/run/@cf/microsoft/resnet-50", "{\"image\": []}"))
                .returns(400, HttpResponse::statusCode);
        assertThat(client.post("/ai/run/@cf/microsoft/resnet-50", "image/png", new byte[300_000]))
                .returns(413, HttpResponse::statusCode);
    }

    @Test
    void platform_summary_keepsToMaxLength() {
        String review = new String(Client.sample("review.txt"), StandardCharsets.UTF_8);
        JsonObject request = new JsonObject();
        request.addProperty("input_text", review);
        request.addProperty("max_length", 40);

        String shorter = Client.result(client.post("/ai/run/@cf/facebook/bart-large-cnn", request.toString()))
                .get("summary")
                .getAsString();
        request.remove("max_length");
        String longer = Client.result(client.post("/ai/run/@cf/facebook/bart-large-cnn", request.toString()))
                .get("summary")
                .getAsString();

        assertThat(shorter).isNotBlank().hasSizeLessThan(longer.length());
        request.addProperty("max_length", 0.5);
        assertThat(client.post("/ai/run/@cf/facebook/bart-large-cnn", request.toString()))
                .returns(400, HttpResponse::statusCode);
    }

    @Test
    void platform_unknownModel_isRefusedAndTheKnownOnesAreListed() {
        HttpResponse<String> response = client.post("/ai/run/@cf/" + MARK + "/x", "{}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("5007").doesNotContain(MARK);
        assertThat(Client.results(client.get("/ai/models/search"))).hasSize(4);
    }

    @Test
    void page_isServedWithAStrictPolicyAndNothingFromElsewhere() {
        HttpResponse<String> page = client.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).startsWith("default-src 'none';").doesNotContain("unsafe", "*", "http"));
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Server")).isEmpty();
        assertThat(page.body()).contains("<title>Leat").doesNotContain("http:", "https:", "style=");
        assertThat(client.get("/page.js").body()).doesNotContain("innerHTML =", "eval(", "insertAdjacentHTML");
        assertThat(client.get("/" + MARK))
                .returns(404, HttpResponse::statusCode)
                .satisfies(response -> assertThat(response.body()).doesNotContain(MARK));
    }

    @Test
    void health_ofALoadedService_isUp_andMetricsHaveNoPathInThem() {
        assertThat(client.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(client.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(client.get("/" + MARK).statusCode()).isEqualTo(404);

        String metrics = client.get("/metrics").body();

        assertThat(metrics)
                .contains("leat_models_open", "http_server_requests_seconds_count{route=\"other\",status=\"404\"}")
                .doesNotContain(MARK);
    }

    @Test
    void service_whileLoading_isAliveButNotReady() {
        CompletableFuture<Runnable> loading = new CompletableFuture<>();
        LeatService service = new LeatService(Services.settings(), Engine.Changes.NONE, loading::complete);
        Client early = new Client(service);

        assertThat(early.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(early.get("/health/ready").statusCode()).isEqualTo(503);
        HttpResponse<String> refused = early.post("/analyze/text", "{\"text\": \"a\"}");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(Client.reason(refused)).isEqualTo("loading");

        loading.join().run();
        assertThat(early.get("/health/ready").statusCode()).isEqualTo(200);
        service.close();
    }
}
