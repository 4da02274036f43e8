package dev.leat.examples.adapters;

import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/** Leat as Spring AI's embedding model; thread-safe. */
public final class SpringAiEmbeddingModel implements EmbeddingModel {

    private final LeatEmbeddings embeddings;

    /**
     * Creates the model.
     *
     * @param embeddings stays the caller's
     */
    public SpringAiEmbeddingModel(LeatEmbeddings embeddings) {
        this.embeddings = embeddings;
    }

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        List<float[]> vectors = embeddings.embed(request.getInstructions());
        List<Embedding> all = new ArrayList<>(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            all.add(new Embedding(vectors.get(i), i));
        }
        return new EmbeddingResponse(all);
    }

    @Override
    public float[] embed(Document document) {
        String text = document.getText();
        if (text == null) {
            throw new IllegalArgumentException("The document has no text; Leat's embedding model reads texts alone");
        }
        return embed(text);
    }

    @Override
    public int dimensions() {
        return LeatEmbeddings.DIMENSION;
    }
}
