package dev.leat.text.classify;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Embedding;
import dev.leat.text.LabelScore;
import dev.leat.text.Topic;
import dev.leat.text.Topics;
import dev.leat.text.encode.Encoder;
import dev.leat.text.encode.PoolLayers;
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

    private final PoolLayers pool;
    private final List<Topic> topics;
    private volatile @Nullable Prototypes prototypes;

    /**
     * Creates the step.
     *
     * @param pool what made the embeddings of texts, and makes those of the topics' descriptions
     * @param topics at least one, of different labels
     */
    public ToTopics(PoolLayers pool, List<Topic> topics) {
        this.pool = pool;
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
        Encoder encoder = pool.encoder();
        return StepFacts.heavy("topics", "items", encoder.model(), encoder.tokenizer())
                .asResult();
    }

    @Override
    public List<Topics> run(List<Embedding> items, RunScope scope) {
        Prototypes known = prototypes(scope);
        return items.stream().map(item -> topics(item, known)).toList();
    }

    private Topics topics(Embedding text, Prototypes known) {
        double[] scores = known.exclusive(known.similarities(text.toArray()));
        List<LabelScore> labels = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            labels.add(new LabelScore(topics.get(i).label(), scores[i]));
        }
        return new Topics(labels);
    }

    private Prototypes prototypes(RunScope scope) {
        Prototypes known = prototypes;
        if (known != null) {
            return known;
        }
        List<Prototypes.Known> labels = topics.stream()
                .map(topic -> new Prototypes.Known(
                        topic.descriptions().stream()
                                .map(description -> vector(description, scope))
                                .toList(),
                        List.of()))
                .toList();
        known = Prototypes.of(labels, List.of());
        prototypes = known;
        return known;
    }

    private float[] vector(String description, RunScope scope) {
        Encoder encoder = pool.encoder();
        return pool.pool(encoder.encode(encoder.tokenize(description, scope), scope))
                .toArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ToTopics that && pool.equals(that.pool) && topics.equals(that.topics);
    }

    @Override
    public int hashCode() {
        return 31 * pool.hashCode() + topics.hashCode();
    }
}
