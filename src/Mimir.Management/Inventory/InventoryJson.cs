using System.Text.Json.Serialization;

namespace Mimir.Management.Inventory;

/// <summary>How text is written.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class InventoryJson : JsonSerializerContext;
