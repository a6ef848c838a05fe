/** Models of PyTorch: into checkpoints and out of them, on local disks without Hadoop or Spark. */
package prior.exchange;
