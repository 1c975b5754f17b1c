    /// Puts a row into a table, which is named with its columns.
    pub async fn insert(&self, into: &str, values: &str) {
        let statement = format!("INSERT INTO {into} VALUES ({values})");
        let inserted = sqlx::query(&statement).execute(&self.@POOL@).await;
        inserted.unwrap();
    }
