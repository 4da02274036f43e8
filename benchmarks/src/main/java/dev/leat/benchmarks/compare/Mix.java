package dev.leat.benchmarks.compare;

import dev.leat.CascadeFit;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Worker;
import dev.leat.text.Sentiment;
import dev.leat.text.Summary;
import dev.leat.text.TextModels;
import dev.leat.text.TextModeration;
import dev.leat.text.Tier;
import dev.leat.text.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Processor time of a day's requests in small: of 60 % short texts (1 or 2 sentences) and 40 % longer ones (6 to 14), 30 %
 * of the requests a text that came before; sentiment, moderation and topics of every one, a summary of 15 %.
 *
 * <p>{@code plain} takes the accurate sentiment, remembers nothing, and runs every stage in a pipeline of its own, so that
 * each runs the encoder itself. The levers, alone or joined by {@code +}: {@code shared}, one pipeline; {@code cached}, an
 * hour; {@code cascade}, the fast sentiment first and the accurate one where it is unsure, the threshold fitted on 300
 * other texts for .98 agreement.
 */
final class Mix {

    static final List<String> LEVERS = List.of("plain", "shared", "cached", "cascade", "shared+cached+cascade");

    private static final int SHORT_PERCENT = 60;
    private static final int REPEATED_PERCENT = 30;
    private static final int SUMMARY_PERCENT = 15;

    private record Request(String text, boolean summary) {}

    private Mix() {}

    static Map<String, Double> measure(TextModels models, int count, long number) {
        List<Request> requests = requests(count, number);
        Map<String, Double> answer = new LinkedHashMap<>();
        int[] plain = new int[0];
        for (String levers : LEVERS) {
            Set<String> on = Set.of(levers.split("\\+", -1));
            try (Setting setting = Setting.of(models, on, number)) {
                requests(50, number + 1_000_000).forEach(setting::label); // a warm-up
                double before = Worker.processorSeconds();
                int[] labels = requests.stream().mapToInt(setting::label).toArray();
                answer.put(levers, Worker.processorSeconds() - before);
                answer.put(levers + ".escalated", setting.escalated);
                plain = levers.equals("plain") ? labels : plain;
                int agreed = 0;
                for (int i = 0; i < count; i++) {
                    agreed += labels[i] == plain[i] ? 1 : 0;
                }
                answer.put(levers + ".agreement", (double) agreed / count);
            }
        }
        return answer;
    }

    /** Stages with some levers on, in one pipeline or one each. */
    private record Setting(
            Stage<String, Sentiment> sentiment,
            Stage<String, TextModeration> moderation,
            Stage<String, Topics> topics,
            Stage<String, Summary> summary,
            List<Pipeline<String>> pipelines,
            double escalated)
            implements AutoCloseable {

        static Setting of(TextModels models, Set<String> on, long number) {
            Stage<String, Sentiment> sentiment = models.sentiment(options -> options.tier(Tier.ACCURATE));
            double escalated = 1;
            if (on.contains("cascade")) {
                CascadeFit fit = fit(models.sentiment(), sentiment, number);
                escalated = fit.escalated();
                sentiment = models.sentiment().escalateTo(sentiment, fit.unsure(Sentiment::margin));
            }
            Stage<String, TextModeration> moderation = models.moderation();
            Stage<String, Topics> topics = models.topics(BareContestant.TOPICS.toArray(String[]::new));
            Stage<String, Summary> summary = models.summary(options -> options.maxSentences(3));
            List<Stage<String, ?>> stages = List.of(sentiment, moderation, topics, summary);
            List<List<Stage<String, ?>>> parts = on.contains("shared")
                    ? List.of(stages)
                    : stages.stream().<List<Stage<String, ?>>>map(List::of).toList();
            List<Pipeline<String>> pipelines = parts.stream()
                    .map(part -> pipeline(part, on.contains("cached")))
                    .toList();
            return new Setting(sentiment, moderation, topics, summary, pipelines, escalated);
        }

        /** One number for what a host would act on: the sentiment's label, whether it is flagged, the first topic. */
        int label(Request request) {
            if (pipelines.size() == 1) {
                Results results = pipelines
                        .get(0)
                        .run(
                                request.text,
                                request.summary ? RunOptions.DEFAULT : RunOptions.only(sentiment, moderation, topics))
                        .orThrow();
                return label(results, results, results);
            }
            List<Results> results = pipelines.subList(0, request.summary ? 4 : 3).stream()
                    .map(pipeline -> pipeline.run(request.text).orThrow())
                    .toList();
            return label(results.get(0), results.get(1), results.get(2));
        }

        private int label(Results first, Results second, Results third) {
            return first.get(sentiment).label().ordinal() * 100
                    + (second.get(moderation).flagged() ? 10 : 0)
                    + BareContestant.TOPICS.indexOf(third.get(topics).best().label());
        }

        @Override
        public void close() {
            pipelines.forEach(Pipeline::close);
        }
    }

    private static Pipeline<String> pipeline(List<Stage<String, ?>> stages, boolean cached) {
        Pipeline.Builder<String> builder = Pipeline.builder("mix");
        stages.forEach(builder::stages);
        return cached ? builder.cached(Duration.ofHours(1)).build() : builder.build();
    }

    private static CascadeFit fit(Stage<String, Sentiment> fast, Stage<String, Sentiment> accurate, long number) {
        List<String> samples = new ArrayList<>();
        Random random = new Random(number + 7);
        for (int i = 0; i < 300; i++) {
            samples.add(Reviews.of(i % 5 < 3 ? 1 + random.nextInt(2) : 6 + random.nextInt(9), random));
        }
        return CascadeFit.unlabelled(fast, accurate, samples, Sentiment::label, Sentiment::margin, 0.98);
    }

    private static List<Request> requests(int count, long number) {
        Random random = new Random(number);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean repeated = i > 0 && random.nextInt(100) < REPEATED_PERCENT;
            boolean brief = random.nextInt(100) < SHORT_PERCENT;
            boolean summary = random.nextInt(100) < SUMMARY_PERCENT;
            String fresh = Reviews.of(brief ? 1 + random.nextInt(2) : 6 + random.nextInt(9), random);
            requests.add(new Request(repeated ? requests.get(random.nextInt(i)).text : fresh, summary));
        }
        return requests;
    }
}
