package prior.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import prior.conf.AttributeConf;
import prior.conf.PriorConf;
import prior.data.AttributeColumn;
import prior.data.NamedRandom;
import prior.model.AttributeColumns;

/**
 * Which attributes are dropped in training: each by its own probability, a function of the seed,
 * its name, the pair's epoch and id alone, so for all noise draws of a pair alike.
 *
 * @param columns numbers of a row's attributes
 */
public record AttributeDrops(long seed, int columns, List<Drop> drops) implements Serializable {

  /**
   * How one attribute is dropped.
   *
   * @param keep its column that is 1 where there is a value
   */
  record Drop(String name, int keep, double probability) implements Serializable {}

  /** What a prior's configuration says. */
  public static AttributeDrops of(PriorConf prior, long seed) {
    List<AttributeColumn> columns = AttributeColumns.of(prior);
    List<Drop> drops = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < columns.size(); i++) {
      AttributeConf conf = prior.attributes().get(i);
      from += columns.get(i).columns();
      drops.add(new Drop(conf.name(), from - 1, prior.drop(conf)));
    }
    return new AttributeDrops(seed, from, List.copyOf(drops));
  }

  /**
   * Drops some of the attributes of pairs.
   *
   * @param attributes {@code [B, columns]}, changed
   * @param epochs of each pair
   */
  public void apply(float[] attributes, long[] epochs, long[] rowIds) {
    for (Drop drop : drops) {
      for (int row = 0; row < rowIds.length; row++) {
        NamedRandom random =
            NamedRandom.of(seed, "keep attribute " + drop.name(), epochs[row], rowIds[row]);
        if (random.nextDouble() < drop.probability()) {
          attributes[row * columns + drop.keep()] = 0;
        }
      }
    }
  }
}
