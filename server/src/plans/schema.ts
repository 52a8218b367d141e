/**
 * Tables of the configuration database. Portable to PostgreSQL: text and integers only, times are UTC milliseconds,
 * truths are 0 or 1, names to compare have a folded twin (`name_key`), lists are tables and settings JSON text.
 */

export interface PlanTable {
  id: string;
  name: string;
  name_key: string;
  folder: string | null;
  is_enabled: number;
  account_name: string | null;
  /** Sealed; see secrets.ts. */
  account_secret: string | null;
  retention_days: number | null;
  created_at: number;
  updated_at: number;
}

export interface PlanSourceTable {
  plan_id: string;
  position: number;
  source: string;
  is_enabled: number;
  /** JSON object as written in the plan, without the source's defaults. */
  settings: string;
}

export interface PlanItemTable {
  plan_id: string;
  source: string;
  position: number;
  name: string;
  type: string;
  is_enabled: number;
}

export interface UserAccountTable {
  id: string;
  name: string;
  name_key: string;
  /** PHC string. */
  password_hash: string;
  created_at: number;
  updated_at: number;
}

export interface RoleAssignmentTable {
  user_id: string;
  position: number;
  role: string;
  scope_kind: string;
  /** Folder or plan id; null for everything. */
  scope_value: string | null;
}

export interface AccessTokenTable {
  id: string;
  user_id: string;
  name: string;
  /** SHA-256 of the token, lower-case hexadecimal. */
  token_hash: string;
  /** JSON list of role assignments; null: those of the user. */
  assignments: string | null;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

export interface SchemaVersionTable {
  version: number;
  name: string;
  applied_at: number;
}

export interface ConfigurationTables {
  plan: PlanTable;
  plan_source: PlanSourceTable;
  plan_item: PlanItemTable;
  user_account: UserAccountTable;
  role_assignment: RoleAssignmentTable;
  access_token: AccessTokenTable;
  schema_version: SchemaVersionTable;
}
