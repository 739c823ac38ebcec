using System.Collections.Immutable;
using Mimir.Configuration.Clients;
using Mimir.Configuration.Issues;

namespace Mimir.Configuration.Import;

/// <summary>A file of a client, and its servers.</summary>
/// <param name="Client">Whose it is.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Items">Its servers, in its order.</param>
/// <param name="Issues">Why it cannot be read; then it has no servers.</param>
public sealed record ImportFile(ImportClient Client, string Path, ImmutableArray<ImportItem> Items, ImmutableArray<ConfigIssue> Issues);
