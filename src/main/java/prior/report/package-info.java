/** How a training run went, from the files of its folder to one page for people. */
package prior.report;
