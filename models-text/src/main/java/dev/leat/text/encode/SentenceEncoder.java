package dev.leat.text.encode;

import dev.leat.CancelledException;
import dev.leat.Stage;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Sentence;
import dev.leat.text.Sentences;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes each sentence of a text by itself. All stages that look at sentences begin with these two steps, so that a
 * pipeline splits a text once and encodes each of its sentences once.
 *
 * @param encoder of the sentences
 */
public record SentenceEncoder(Encoder encoder) {

    /** Sentences beyond this many are not looked at; {@code sentencesLeftOut} in the provenance counts them. */
    public static final int MAX_SENTENCES = 400;

    /**
     * Returns the stage that splits a text.
     *
     * @return text to sentences and their tokens
     */
    public Stage<String, SplitText> split() {
        return Stage.of(new Split(encoder));
    }

    /**
     * Returns the stage that encodes the sentences.
     *
     * @return sentences to hidden states
     */
    public Stage<SplitText, EncodedSentences> encode() {
        return Stage.of(new EncodeAll(encoder));
    }

    private record Split(Encoder encoder) implements BatchStep<String, SplitText> {
        @Override
        public StepFacts facts() {
            return StepFacts.light("split", encoder.tokenizer());
        }

        @Override
        public List<SplitText> run(List<String> items, RunScope scope) {
            List<SplitText> all = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                all.add(split(items.get(i), i, scope));
            }
            return all;
        }

        private SplitText split(String text, int item, RunScope scope) {
            List<Sentence> found = Sentences.of(text);
            List<Sentence> kept = found.subList(0, Math.min(found.size(), MAX_SENTENCES));
            long start = System.nanoTime();
            List<TokenizedText> tokens = kept.stream()
                    .map(sentence -> encoder.tokenize(sentence.text(), scope))
                    .toList();
            scope.spent(RunScope.Phase.TOKENIZE, System.nanoTime() - start);
            SplitText split = new SplitText(kept, tokens);
            scope.note(item, "sentences", kept.size());
            scope.note(item, "sentencesLeftOut", found.size() - kept.size());
            scope.note(item, "tokens", split.allTokens());
            return split;
        }
    }

    private record EncodeAll(Encoder encoder) implements BatchStep<SplitText, EncodedSentences> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("encode sentences", "tokens", encoder.model());
        }

        @Override
        public long cost(SplitText item) {
            return Math.max(
                    1, item.tokens().stream().mapToLong(TokenizedText::cost).sum());
        }

        @Override
        public List<EncodedSentences> run(List<SplitText> items, RunScope scope) {
            List<EncodedSentences> all = new ArrayList<>();
            for (SplitText item : items) {
                List<EncodedText> states = new ArrayList<>();
                for (TokenizedText sentence : item.tokens()) {
                    if (scope.isCancelled()) {
                        throw new CancelledException("The encoding of a text's sentences was cancelled");
                    }
                    states.add(encoder.encode(sentence, scope));
                }
                all.add(new EncodedSentences(item, states, encoder.background()));
            }
            return all;
        }
    }
}
