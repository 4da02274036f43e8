package dev.leat.text.classify;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Embedding;
import dev.leat.text.LabelScore;
import dev.leat.text.Topic;
import dev.leat.text.Topics;
import dev.leat.text.encode.Encoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An embedding to topics: a softmax over its cosines to the topics' own embeddings. Equal by encoder and topics.
 *
 * <p>The topics' embeddings are computed at the first use and kept with the step. Threads that come first at the same
 * moment compute the same, since one that holds a permit of the budget waits for nobody.
 */
public final class ToTopics implements BatchStep<Embedding, Topics> {

    /**
     * What cosines are divided by. Cosines of this encoder lie close together (0.4 to 0.9); at 0.05 a lead of 0.05 in
     * cosine is a factor of 2.7 in score.
     */
    static final double TEMPERATURE = 0.05;

    private final Encoder encoder;
    private final List<Topic> topics;
    private volatile @Nullable List<Embedding> prototypes;

    /**
     * Creates the step.
     *
     * @param encoder the encoder of the texts, and of the topics' descriptions
     * @param topics at least one, of different labels
     */
    public ToTopics(Encoder encoder, List<Topic> topics) {
        this.encoder = encoder;
        this.topics = List.copyOf(topics);
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics(..) needs at least one topic");
        }
        if (topics.stream().map(Topic::label).distinct().count() < topics.size()) {
            throw new IllegalArgumentException("two topics have one label; labels must differ");
        }
    }

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("topics", "items", encoder.model(), encoder.tokenizer())
                .asResult();
    }

    @Override
    public List<Topics> run(List<Embedding> items, RunScope scope) {
        List<Embedding> known = prototypes(scope);
        return items.stream().map(item -> topics(item, known)).toList();
    }

    private Topics topics(Embedding text, List<Embedding> known) {
        double[] values = known.stream()
                .mapToDouble(prototype -> text.cosine(prototype) / TEMPERATURE)
                .toArray();
        List<Double> scores = Logits.of(values).softmax();
        List<LabelScore> labels = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            labels.add(new LabelScore(topics.get(i).label(), scores.get(i)));
        }
        return new Topics(labels);
    }

    private List<Embedding> prototypes(RunScope scope) {
        List<Embedding> known = prototypes;
        if (known != null) {
            return known;
        }
        known = topics.stream().map(topic -> prototype(topic, scope)).toList();
        prototypes = known;
        return known;
    }

    private Embedding prototype(Topic topic, RunScope scope) {
        double[] sum = new double[encoder.dimension()];
        for (String description : topic.descriptions()) {
            float[] vector = Encoder.pool(encoder.encode(encoder.tokenize(description, scope), scope));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
        }
        return Embedding.of(encoder.space(), Encoder.normalised(sum));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ToTopics that && encoder.equals(that.encoder) && topics.equals(that.topics);
    }

    @Override
    public int hashCode() {
        return 31 * encoder.hashCode() + topics.hashCode();
    }
}
