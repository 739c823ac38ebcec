using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>What the tools of meta mode answer: results of tools/call with one text, which is JSON.</summary>
internal static class MetaAnswers
{
    private const int MostNamed = 50;

    /// <summary>Tells whether there is such an instance.</summary>
    public static bool Has(ClientCatalog catalog, string instance) => catalog.View.Pools.Any(p => p.State.Life.IsOffered && MetaIndex.InstanceOf(p) == instance);

    /// <summary>The instances, one object each.</summary>
    public static byte[] Instances(ClientCatalog catalog, MergedCatalog merged) => Result(catalog, isError: false, json =>
    {
        var index = MetaIndex.Of(merged.Offered(ListKind.Tools));
        json.WriteStartArray();
        foreach (var (name, pools) in InstancesOf(catalog))
        {
            json.WriteStartObject();
            WriteHead(json, catalog, name, pools, withName: true);
            json.WriteBoolean("active"u8, pools.Exists(static p => p.State.Life.IsOffered));
            json.WriteBoolean("connected"u8, pools.Exists(p => catalog.SlotOf(p).Live is not null));
            json.WriteString("transport_type"u8, pools[0].Transport);
            json.WriteNumber("tools_count"u8, index.ToolsOf(name).Count);
            json.WriteStartObject("metadata"u8);
            json.WriteString("state"u8, UpstreamLife.Word(pools[0].State.Status));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The tools of one instance, or of all.</summary>
    public static byte[] Tools(ClientCatalog catalog, MergedCatalog merged, string? instance) => Result(catalog, isError: false, json =>
    {
        json.WriteStartObject();
        foreach (var (name, pools) in InstancesOf(catalog).Where(i => instance is null || i.Name == instance))
        {
            json.WriteStartObject(name);
            WriteHead(json, catalog, name, pools, withName: false);
            WriteTools(json, merged, name);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    /// <summary>An instance that was chosen.</summary>
    public static byte[] Chosen(ClientCatalog catalog, MergedCatalog merged, string instance) => Result(catalog, isError: false, json =>
    {
        json.WriteStartObject();
        json.WriteString("instance"u8, instance);
        WriteTools(json, merged, instance);
        json.WriteBoolean("active"u8, true);
        json.WriteEndObject();
    });

    /// <summary>There is no such instance or tool, and which there are: a result that says so, since models are shown no errors of the protocol.</summary>
    public static byte[] NotFound(ClientCatalog catalog, MergedCatalog merged, string? instance, string? tool)
    {
        var instances = InstancesOf(catalog);
        string text;
        if (instance is null)
        {
            text = $"Name the instance in instance_name. There are: {Some(instances.Select(static i => i.Name))}.";
        }
        else if (instances.Find(i => i.Name == instance) is not { Pools: { } pools })
        {
            text = $"There is no instance '{Shown(instance)}'. There are: {Some(instances.Select(static i => i.Name))}.";
        }
        else
        {
            var tools = MetaIndex.Of(merged.Offered(ListKind.Tools)).ToolsOf(instance);
            text = tools.Count == 0 && catalog.FailureOf(pools[0]) is { } failure
                ? $"The instance '{instance}' cannot be reached now: {failure.Message}"
                : $"The instance '{instance}' has no tool '{Shown(tool ?? "")}'. It has: {Some(tools.Keys.Order(StringComparer.Ordinal))}.";
        }

        return Wrap(catalog, isError: true, text);
    }

    private static List<(string Name, List<ServerPool> Pools)> InstancesOf(ClientCatalog catalog)
    {
        var instances = new List<(string Name, List<ServerPool> Pools)>();
        foreach (var pool in catalog.View.Pools.Where(static p => p.State.Life.IsOffered))
        {
            var name = MetaIndex.InstanceOf(pool);
            if (instances.Find(i => i.Name == name) is { Pools: { } pools })
            {
                pools.Add(pool);
            }
            else
            {
                instances.Add((name, [pool]));
            }
        }

        return instances;
    }

    private static void WriteHead(Utf8JsonWriter json, ClientCatalog catalog, string name, List<ServerPool> pools, bool withName)
    {
        if (withName)
        {
            json.WriteString("name"u8, name);
        }

        json.WriteString("provider"u8, name);
        var title = pools.Select(p => (catalog.SlotOf(p).Live?.Handshake ?? p.LastHandshake(p.EraFor(catalog.Era)))?.Title).FirstOrDefault(static t => !string.IsNullOrEmpty(t));
        json.WriteString("display_name"u8, title is null ? name : Shown(title));
    }

    private static void WriteTools(Utf8JsonWriter json, MergedCatalog merged, string instance)
    {
        json.WriteStartArray("tools"u8);
        foreach (var (name, route) in MetaIndex.Of(merged.Offered(ListKind.Tools)).ToolsOf(instance))
        {
            var entry = new ArrayBufferWriter<byte>(route.Entry.Json.Length + 64);
            MergedList.WriteEntry(entry, new Route(route.Slot, route.Entry, name));
            json.WriteRawValue(entry.WrittenSpan, skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    private static byte[] Result(ClientCatalog catalog, bool isError, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output))
        {
            write(json);
        }

        return Wrap(catalog, isError, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static byte[] Wrap(ClientCatalog catalog, bool isError, string text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 128);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (catalog.Era == Era.Modern)
            {
                json.WriteString("resultType"u8, "complete"u8);
            }

            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
            json.WriteEndArray();
            if (isError)
            {
                json.WriteBoolean("isError"u8, true);
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count == 0 ? "none" : string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "");
    }

    private static string Shown(string text) => string.Concat(text.Take(80).Select(static c => char.IsControl(c) ? '?' : c));
}
