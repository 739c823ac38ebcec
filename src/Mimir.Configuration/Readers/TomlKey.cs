using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>One part of a key or of a table's header.</summary>
/// <param name="Name">The part, unescaped.</param>
/// <param name="Mark">Where it stands.</param>
internal readonly record struct TomlKey(string Name, ConfigMark Mark);
