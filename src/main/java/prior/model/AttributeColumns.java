package prior.model;

import java.util.List;
import prior.conf.AttributeConf;
import prior.conf.PriorConf;
import prior.data.AttributeColumn;

/** A prior's attributes as columns of data, in the order in which the network takes them. */
public final class AttributeColumns {
  private AttributeColumns() {}

  /** Of attributes whose values and statistics are known. */
  public static List<AttributeColumn> of(PriorConf prior) {
    return prior.attributes().stream().map(AttributeColumns::of).toList();
  }

  private static AttributeColumn of(AttributeConf conf) {
    return switch (conf.kind()) {
      case NUMBER -> new AttributeColumn.Number(conf.column(), conf.mean(), conf.deviation());
      case CATEGORY -> new AttributeColumn.Category(conf.column(), conf.values());
      case VECTOR -> new AttributeColumn.Vector(conf.column(), conf.width());
    };
  }
}
