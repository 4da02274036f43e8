package hello;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.vision.Image;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.OcrText;
import dev.leat.vision.VisionModels;
import java.nio.file.Path;

public class Look {
    public static void main(String[] args) {
        try (VisionModels vision = VisionModels.load()) {
            Stage<Image, ImageClassification> classification = vision.classification();
            Stage<Image, OcrText> ocr = vision.ocr();
            try (Pipeline<Image> pictures = Pipeline.<Image>builder("picture-analysis")
                    .guard(ImageGuard.standard())
                    .stages(classification, ocr)
                    .build()) {
                Results results = pictures.run(Image.of(Path.of(args[0])));
                System.out.println(results.get(classification).best().label());
                System.out.println(results.get(ocr).text());
            }
        }
    }
}
