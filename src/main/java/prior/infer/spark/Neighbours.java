package prior.infer.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import prior.data.RowFault;
import prior.infer.Cosine;
import scala.Tuple2;

/** The nearest of one partition's images to each of all predictions. */
final class Neighbours {
  private final List<Tuple2<String, float[]>> predictions;
  private final List<PriorityQueue<Near>> nearest = new ArrayList<>();
  private final int k;

  /** An image as seen from one prediction; the farthest first, of equals the greatest key. */
  private record Near(String image, double cosine) implements Comparable<Near> {
    private static final Comparator<Near> FARTHEST =
        Comparator.comparingDouble(Near::cosine)
            .thenComparing(Near::image, Comparator.nullsLast(Comparator.reverseOrder()));

    @Override
    public int compareTo(Near other) {
      return FARTHEST.compare(this, other);
    }
  }

  Neighbours(List<Tuple2<String, float[]>> predictions, int k) {
    this.predictions = predictions;
    this.k = k;
    predictions.forEach(prediction -> nearest.add(new PriorityQueue<>()));
  }

  /** Rows of prediction's key, image's key and cosine, at most k for each prediction. */
  Iterator<Row> among(Iterator<Tuple2<String, float[]>> images) {
    images.forEachRemaining(this::compare);
    return Stream.iterate(0, i -> i < predictions.size(), i -> i + 1)
        .flatMap(
            i ->
                nearest.get(i).stream()
                    .map(near -> RowFactory.create(key(i), near.image(), near.cosine())))
        .iterator();
  }

  private String key(int prediction) {
    return predictions.get(prediction)._1();
  }

  private void compare(Tuple2<String, float[]> image) {
    for (int i = 0; i < predictions.size(); i++) {
      float[] prediction = predictions.get(i)._2();
      checkWidth(image, prediction.length);
      offer(nearest.get(i), image._1(), Cosine.of(prediction, image._2()));
    }
  }

  private static void checkWidth(Tuple2<String, float[]> image, int expected) {
    int found = image._2().length;
    if (found != expected) {
      BadRows.fail(
          "",
          image._1(),
          new RowFault(
              RowFault.Kind.WRONG_WIDTH,
              "an image",
              expected + " numbers as the predictions",
              found + " numbers"));
    }
  }

  private void offer(PriorityQueue<Near> kept, String image, double cosine) {
    boolean full = kept.size() == k;
    if (full && cosine < kept.peek().cosine()) {
      return; // nearly all images end here: nothing is made of them
    }
    Near near = new Near(image, cosine);
    if (full && near.compareTo(kept.peek()) <= 0) {
      return;
    }
    if (full) {
      kept.poll();
    }
    kept.add(near);
  }
}
