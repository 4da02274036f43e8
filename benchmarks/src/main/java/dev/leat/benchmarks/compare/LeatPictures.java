package dev.leat.benchmarks.compare;

import dev.leat.Pipeline;
import dev.leat.benchmarks.worker.Worker;
import dev.leat.vision.Image;
import dev.leat.vision.VisionModels;
import java.io.IOException;

/** Leat's classification and moderation in one pipeline. */
final class LeatPictures extends PictureContestant {

    private final VisionModels models = VisionModels.load();
    private final Pipeline<Image> pipeline = Pipeline.<Image>builder("pictures")
            .stages(models.classification(), models.moderation())
            .build();

    private LeatPictures() {}

    /**
     * Serves.
     *
     * @param arguments none
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Worker.serve(LeatPictures::new);
    }

    @Override
    void analyse(byte[] file) {
        pipeline.run(Image.of(file)).orThrow();
    }

    @Override
    public void close() {
        pipeline.close();
        models.close();
    }
}
