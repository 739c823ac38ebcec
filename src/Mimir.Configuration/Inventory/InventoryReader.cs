using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Inventory;

/// <summary>Reads the files of the inventory. All of them are one inventory: a name is unique over all files, and a service may run on a host of another one.</summary>
/// <param name="values">Reads values; variables are replaced.</param>
/// <param name="issues">Told what is wrong.</param>
/// <param name="overlay">Files as they would be; null for those that are.</param>
internal sealed class InventoryReader(ValueReader values, IssueList issues, ConfigOverlay? overlay = null)
{
    private readonly Dictionary<string, (InventoryEntry Entry, ConfigMark Mark)> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (InventoryEntry Entry, ConfigMark Mark)> _services = new(StringComparer.Ordinal);

    /// <summary>Reads.</summary>
    /// <param name="files">Full paths.</param>
    public InventoryBook Read(ImmutableArray<string> files)
    {
        var services = new List<ConfigNode>();
        foreach (var file in files)
        {
            if (ConfigOverlay.Read(overlay, file, issues) is not { } bytes || YamlTree.Read(bytes, file, issues) is not { } tree)
            {
                continue;
            }

            foreach (var (spec, list) in KnownMembers.Of(tree.WithoutNulls(), InventoryKeys.Table, issues))
            {
                foreach (var item in GroupList.Read(spec, list, issues) ?? [])
                {
                    if (spec.Name == "services")
                    {
                        services.Add(item);
                    }
                    else
                    {
                        Add(item, InventoryKeys.Host, _hosts);
                    }
                }
            }
        }

        // Hosts of all files are known by now.
        foreach (var item in services)
        {
            Add(item, InventoryKeys.Service, _services);
        }

        return new InventoryBook([.. _hosts.Values.Select(h => h.Entry)], [.. _services.Values.Select(s => s.Entry)]);
    }

    private void Add(ConfigNode item, KeyTable table, Dictionary<string, (InventoryEntry Entry, ConfigMark Mark)> known)
    {
        var entry = new InventoryEntry("", "");
        var members = KnownMembers.Of(item.WithoutNulls(), table, issues);
        foreach (var (spec, node) in members)
        {
            entry = spec.Name switch
            {
                "name" => entry with { Name = values.Text(spec, node).Or("") },
                "type" => entry with { Type = values.Text(spec, node).Or("") },
                "address" => entry with { Address = values.Text(spec, node).Or("") },
                "host_ref" => On(entry, node, values.Text(spec, node).Or("")),
                "port" => values.Count(spec, node) is { HasValue: true } port ? entry with { Port = port.Value } : entry,
                "tags" => entry with { Tags = [.. values.TextList(spec, node).Or([]).Where(t => t.Value.HasValue).Select(t => t.Value.Value)] },
                _ => SignIn(entry, node),
            };
        }

        string[] needed = table == InventoryKeys.Host ? ["name", "type", "address"] : ["name", "type", "host_ref"];
        foreach (var name in item.Kind == ConfigKind.Object ? needed : [])
        {
            if (!members.Any(m => m.Spec.Name == name))
            {
                issues.Error(item, $"has no {name}", $"Write \"{name}: {table.Find(name)!.Example.Trim('"')}\", or what it is");
            }
        }

        if (entry.Name.Length > 0 && !known.TryAdd(entry.Name, (entry, item.Mark)))
        {
            issues.Error(item, $"has the name of {table.Owner} in {known[entry.Name].Mark}", "Give one of the two another name");
        }
    }

    private InventoryEntry On(InventoryEntry entry, ConfigNode node, string host)
    {
        if (_hosts.TryGetValue(host, out var known))
        {
            return entry with { Host = host, Address = known.Entry.Address };
        }

        if (host.Length > 0)
        {
            var remedy = NearestName.Find(host, _hosts.Keys) is { } nearest ? $"Did you mean {Legible.Text(nearest)}?" : "Write it down under hosts, or name another one";
            issues.Error(node, "names no host of the inventory", remedy);
        }

        return entry with { Host = host };
    }

    private InventoryEntry SignIn(InventoryEntry entry, ConfigNode node)
    {
        foreach (var (spec, value) in KnownMembers.Of(node.WithoutNulls(), InventoryKeys.Auth, issues))
        {
            var text = values.Text(spec, value);
            if (spec.Name == "method")
            {
                entry = entry with { Method = text.HasValue ? text.Value : null };
            }
            else if (text.HasValue && CredentialNames.Fault(text.Value) is { } fault)
            {
                // It may be the secret itself, so it is not repeated.
                issues.Error(value, $"the name of a secret {fault}", "Write the name, and keep the secret with: mimir secret set NAME");
            }
            else
            {
                entry = entry with { CredentialRef = text.HasValue ? text.Value : null };
            }
        }

        return entry;
    }
}
