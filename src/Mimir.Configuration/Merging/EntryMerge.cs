using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Merging;

/// <summary>Adds entries from files of their own to an object of named entries in the tree of the main file.</summary>
internal static class EntryMerge
{
    /// <summary>Merges. A name in both places is an error that names both; the main file's stays.</summary>
    /// <param name="root">The tree of the main file.</param>
    /// <param name="key">The key of the object.</param>
    /// <param name="alias">The same as others write it, or null.</param>
    /// <param name="what">What an entry is: <c>server</c>.</param>
    /// <param name="example">How an entry is written, as JSON.</param>
    /// <param name="entries">The entries of the other files, in order.</param>
    /// <param name="issues">Told about clashes.</param>
    /// <returns>A tree with all entries under the key that the main file uses: its own first.</returns>
    public static ConfigNode Merge(ConfigNode root, string key, string? alias, string what, string example, ImmutableArray<ConfigMember> entries, IssueList issues)
    {
        if (entries.IsEmpty || root.Kind != ConfigKind.Object)
        {
            return root;
        }

        if ((root.Find(key) ?? (alias is null ? null : root.Find(alias))) is not { } own)
        {
            var added = ConfigNode.Object(root.Mark, root.Path.Member(key), entries);
            return With(root, root.Members.Add(new ConfigMember(key, root.Mark, added)));
        }

        if (own.Value.Kind != ConfigKind.Object)
        {
            // Reported here, because the tree has room for only one node under the key.
            issues.WrongKind(own.Value, "an object", $$"""an object: "{{own.Name}}": { "NAME": {{example}} }""");
        }

        var merged = own.Value.Members.ToBuilder();
        var known = new Dictionary<string, ConfigMember>(StringComparer.Ordinal);
        foreach (var member in own.Value.Members)
        {
            known.Add(member.Name, member);
        }

        foreach (var entry in entries)
        {
            if (known.TryGetValue(entry.Name, out var first))
            {
                issues.Error(
                    entry.Mark,
                    entry.Value.Path,
                    $"this {what} is configured twice: here and in {first.Mark}",
                    "Remove one of the two, or give one another name");
            }
            else
            {
                merged.Add(entry);
            }
        }

        var value = ConfigNode.Object(own.Value.Mark, own.Value.Path, merged.ToImmutable());
        return With(root, root.Members.Replace(own, own with { Value = value }));
    }

    private static ConfigNode With(ConfigNode root, ImmutableArray<ConfigMember> members) => ConfigNode.Object(root.Mark, root.Path, members);
}
