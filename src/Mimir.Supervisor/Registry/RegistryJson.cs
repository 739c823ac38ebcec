using System.Text.Json.Serialization;

namespace Mimir.Supervisor.Registry;

/// <summary>How the records of the registry are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OwnerRecord))]
[JsonSerializable(typeof(ChildRecord))]
internal sealed partial class RegistryJson : JsonSerializerContext;
