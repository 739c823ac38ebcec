using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Mimir.Embed.Binding;

/// <summary>JSON nodes without reflection.</summary>
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class NodeJson : JsonSerializerContext;
