/** What a pair, a block of pairs, a split and a named random number are; files of vectors. */
package prior.data;
