namespace CodeComplete.Memory.Vectors;

/// <summary>A snippet whose vector is near the query's.</summary>
/// <param name="Snippet">Its number in the file, from 0.</param>
/// <param name="Similarity">The cosine, -1 to 1.</param>
internal readonly record struct VectorMatch(string Path, int Snippet, float Similarity);
