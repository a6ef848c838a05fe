package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row of a table for each known value, by its place counted from 1; 0 is the unknown value, whose
 * row begins with zeros: where training meets none, it says as little as no value at all. Looked up
 * as a product with one-hot rows, which writes the whole gradient in one product too.
 */
final class CategoryEmbedding implements Embedding {
  private final INDArray places;
  private final INDArray indices;
  private final INDArray oneHot;
  private final INDArray isUnknown;
  private final INDArray isKnown;
  private final Weights.Tensor unknown;
  private final Weights.Tensor table;

  CategoryEmbedding(Buffers buffers, Weights weights, AttributeShape shape, INDArray places) {
    this.places = places;
    this.indices = Nd4j.create(DataType.INT, places.size(0));
    this.oneHot = buffers.own(places.size(0), shape.size() + 1L);
    this.isUnknown = Windows.columns(oneHot, 0, 1);
    this.isKnown = Windows.columns(oneHot, 1, oneHot.size(1));
    this.unknown = weights.tensor(shape.parameter("unknown"));
    this.table = weights.tensor(shape.parameter("table.weight"));
  }

  @Override
  public void forward(Program program, INDArray into) {
    program.toIntegers(places.reshape(places.length()), indices);
    program.oneHot(indices, oneHot);
    program.matmul(AB, isUnknown, unknown.value(), into);
    program.addMatmul(AB, isKnown, table.value(), into);
  }

  @Override
  public void backward(Program program, INDArray dOut) {
    program.matmul(ATB, isUnknown, dOut, unknown.gradient());
    program.matmul(ATB, isKnown, dOut, table.gradient());
  }
}
