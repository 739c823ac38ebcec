using System.Text;
using Mimir.Configuration.Inventory;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>
/// Fills in what a plugin asks for in its environment: <c>{plugin_dir}</c>, <c>{hosts:type=proxmox}</c> for entries of the inventory as
/// JSON, <c>{hosts:type=proxmox:address}</c> for one field of each. It gets of them what its <c>inventory_access</c> lets through, and
/// a kind that it may not have at all is an error. Other braces stand for themselves.
/// </summary>
/// <param name="folder">Full path of the plugin's folder.</param>
/// <param name="book">The inventory.</param>
/// <param name="access">What the plugin may have of it.</param>
/// <param name="issues">Told what cannot be filled in.</param>
internal sealed class InventoryTemplate(string folder, InventoryBook book, IReadOnlyCollection<InventoryFilter> access, IssueList issues)
{
    /// <summary>What stands for the plugin's folder.</summary>
    public const string Folder = "{plugin_dir}";

    private static readonly string[] Kinds = ["hosts", "services"];

    /// <summary>Fills in.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where it stands.</param>
    public string Fill(string text, ConfigNode at)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var end = text[i] == '{' ? text.IndexOf('}', i) : -1;
            if (end < 0)
            {
                result.Append(text[i++]);
                continue;
            }

            var inside = text[(i + 1)..end];
            if (Kinds.Contains(inside.Split(':')[0], StringComparer.Ordinal))
            {
                result.Append(Look(inside, at));
                i = end + 1;
            }
            else if (text.AsSpan(i).StartsWith(Folder))
            {
                result.Append(folder);
                i += Folder.Length;
            }
            else
            {
                result.Append(text[i++]);
            }
        }

        return result.ToString();
    }

    private string Look(string inside, ConfigNode at)
    {
        var last = inside.LastIndexOf(':');
        var field = last > 0 && inside[last..] is not ":*" && !inside[last..].Contains('=', StringComparison.Ordinal) ? inside[(last + 1)..] : null;
        var filter = InventoryFilter.Parse(field is null ? inside : inside[..last]);
        if (filter is null || (field is not null && !InventoryText.Fields.Contains(field, StringComparer.Ordinal)))
        {
            issues.Error(
                at,
                "asks the inventory for what it does not know",
                $"Write {InventoryFilter.Example} in braces, and behind it nothing or a colon and one of {string.Join(", ", InventoryText.Fields)}");
            return "";
        }

        var mine = access.Where(a => a.IsServices == filter.IsServices).ToList();
        if (mine.Count == 0)
        {
            var kind = filter.IsServices ? "services" : "hosts";
            issues.Error(at, $"asks for {kind}, which inventory_access does not hold", $"Write under [security]: inventory_access = [\"{kind}\"], or fewer of them");
            return "";
        }

        var entries = book.Find(filter).Where(entry => mine.Any(a => a.Matches(entry)));
        return field is null ? InventoryText.Json(entries) : InventoryText.List(entries, field);
    }
}
