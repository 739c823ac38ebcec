namespace Mimir.Configuration.Clients;

/// <summary>A file in which a client keeps servers.</summary>
/// <param name="Client">The client.</param>
/// <param name="Path">Full path of the file, there or not.</param>
/// <param name="Project">Full path of the folder in which the client starts its servers; null for no certain one.</param>
internal sealed record ImportPlace(ImportClient Client, string Path, string? Project = null);
