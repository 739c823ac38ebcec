using System.Text.Json.Serialization;

namespace Mimir.Configuration.Import;

/// <summary>How a record is written. By metadata: the faster way writes no bytes and null alike.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ImportRecord))]
internal sealed partial class ImportRecordJson : JsonSerializerContext;
